@NullMarked
package io.kubekv.engine.history;

import org.jspecify.annotations.NullMarked;
