package io.kubekv.wire;

import com.google.protobuf.ProtocolMessageEnum;
import java.util.EnumMap;
import java.util.Map;

/**
 * An enum of the port and its twin on the wire, whose names are the same but for a prefix. Made
 * once for each pair; fails when the twin lacks a name.
 */
final class EnumPairs<P extends Enum<P>, W extends Enum<W> & ProtocolMessageEnum> {
  private final Map<P, W> toWire;
  private final Map<W, P> toPort;

  EnumPairs(Class<P> port, Class<W> wire, String prefix) {
    toWire = new EnumMap<>(port);
    toPort = new EnumMap<>(wire);
    for (P each : port.getEnumConstants()) {
      W twin = Enum.valueOf(wire, prefix + each.name());
      toWire.put(each, twin);
      toPort.put(twin, each);
    }
  }

  W toWire(P port) {
    W twin = toWire.get(port);
    if (twin == null) {
      throw new IllegalArgumentException(port + " has no name on the wire");
    }
    return twin;
  }

  /** The port's word; {@link IllegalArgumentException} for one that this version does not know. */
  P toPort(W wire) {
    P twin = toPort.get(wire);
    if (twin == null) {
      throw new IllegalArgumentException(
          wire.getDeclaringClass().getSimpleName() + " " + wire + " is not known here");
    }
    return twin;
  }

  /** The port's word, or {@code otherwise} where nothing was said. */
  P toPort(W wire, P otherwise) {
    return wire.ordinal() == 0 ? otherwise : toPort(wire);
  }
}
