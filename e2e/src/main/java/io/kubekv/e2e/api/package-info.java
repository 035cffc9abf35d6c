/** Kubernetes API servers that a check starts, and the proxy through which it counts and hurts. */
@NullMarked
package io.kubekv.e2e.api;

import org.jspecify.annotations.NullMarked;
