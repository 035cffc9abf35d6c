/** Sessions of clients as sessions of the store, and the handshake that begins them. */
@NullMarked
package io.kubekv.zookeeper.session;

import org.jspecify.annotations.NullMarked;
