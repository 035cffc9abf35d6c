/** Who asks, and what they may: users, decisions, and a guarded view of the store for each. */
@org.jspecify.annotations.NullMarked
package io.kubekv.transport.access;
