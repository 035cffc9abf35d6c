@NullMarked
package io.kubekv;

import org.jspecify.annotations.NullMarked;
