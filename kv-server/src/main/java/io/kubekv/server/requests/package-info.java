@NullMarked
package io.kubekv.server.requests;

import org.jspecify.annotations.NullMarked;
