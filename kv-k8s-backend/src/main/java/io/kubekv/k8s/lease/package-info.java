/** The lease: which replica holds the store, on a Lease of the Kubernetes API. */
@NullMarked
package io.kubekv.k8s.lease;

import org.jspecify.annotations.NullMarked;
