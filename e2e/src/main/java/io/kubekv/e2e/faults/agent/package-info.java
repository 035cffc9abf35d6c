/**
 * What runs inside a replica: it changes classes of the product as they are loaded, so that the
 * product needs no hook for a test clock nor for a deliberate mistake.
 */
@NullMarked
package io.kubekv.e2e.faults.agent;

import org.jspecify.annotations.NullMarked;
