@NullMarked
package io.kubekv.server.decorator;

import org.jspecify.annotations.NullMarked;
