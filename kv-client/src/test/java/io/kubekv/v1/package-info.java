@NullMarked
package io.kubekv.v1;

import org.jspecify.annotations.NullMarked;
