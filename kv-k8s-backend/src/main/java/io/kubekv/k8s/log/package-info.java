/** The engine's log as a ring of objects in a Kubernetes API. */
@NullMarked
package io.kubekv.k8s.log;

import org.jspecify.annotations.NullMarked;
