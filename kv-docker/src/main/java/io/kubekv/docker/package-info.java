/**
 * Reads what Docker's libnetwork keeps in a store: networks, endpoints and nodes. Pure functions of
 * keys and values; no store and no Kubernetes. What cannot be read is said to be so and never
 * guessed.
 */
@NullMarked
package io.kubekv.docker;

import org.jspecify.annotations.NullMarked;
