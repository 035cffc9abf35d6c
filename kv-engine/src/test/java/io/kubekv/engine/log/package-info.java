@NullMarked
package io.kubekv.engine.log;

import org.jspecify.annotations.NullMarked;
