@NullMarked
package io.kubekv.transport.ops;

import org.jspecify.annotations.NullMarked;
