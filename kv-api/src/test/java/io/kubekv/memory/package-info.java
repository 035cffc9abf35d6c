@NullMarked
package io.kubekv.memory;

import org.jspecify.annotations.NullMarked;
