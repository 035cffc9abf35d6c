@NullMarked
package io.kubekv.server.ops;

import org.jspecify.annotations.NullMarked;
