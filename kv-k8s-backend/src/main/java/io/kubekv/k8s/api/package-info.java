/** Requests to a Kubernetes API about objects of any type, without blocking. */
@NullMarked
package io.kubekv.k8s.api;

import org.jspecify.annotations.NullMarked;
