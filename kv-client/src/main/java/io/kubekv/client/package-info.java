/** The port over the network. Start reading at {@link io.kubekv.client.RemoteStore}. */
@NullMarked
package io.kubekv.client;

import org.jspecify.annotations.NullMarked;
