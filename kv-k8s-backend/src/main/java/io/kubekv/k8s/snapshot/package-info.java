/**
 * The engine's snapshots as objects in a Kubernetes API: chunks, and a manifest that names them.
 */
@NullMarked
package io.kubekv.k8s.snapshot;

import org.jspecify.annotations.NullMarked;
