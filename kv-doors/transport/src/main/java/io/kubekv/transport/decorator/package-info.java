@NullMarked
package io.kubekv.transport.decorator;

import org.jspecify.annotations.NullMarked;
