/**
 * What a door is, and all that it gets: {@link io.kubekv.transport.door.Door} and {@link
 * io.kubekv.transport.door.DoorContext}.
 */
@NullMarked
package io.kubekv.transport.door;

import org.jspecify.annotations.NullMarked;
