@NullMarked
package io.kubekv.engine.state;

import org.jspecify.annotations.NullMarked;
