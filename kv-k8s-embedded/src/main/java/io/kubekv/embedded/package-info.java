@NullMarked
package io.kubekv.embedded;

import org.jspecify.annotations.NullMarked;
