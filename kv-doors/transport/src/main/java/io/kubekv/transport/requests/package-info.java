@NullMarked
package io.kubekv.transport.requests;

import org.jspecify.annotations.NullMarked;
