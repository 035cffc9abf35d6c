@NullMarked
package io.kubekv.e2e;

import org.jspecify.annotations.NullMarked;
