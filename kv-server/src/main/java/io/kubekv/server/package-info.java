@NullMarked
package io.kubekv.server;

import org.jspecify.annotations.NullMarked;
