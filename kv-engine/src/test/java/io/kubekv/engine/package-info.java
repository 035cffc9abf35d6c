@NullMarked
package io.kubekv.engine;

import org.jspecify.annotations.NullMarked;
