package io.kubekv.docker;

import io.kubekv.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the overlay driver keeps of a network.
 *
 * @param vnis the VXLAN network identifier of each subnet; a subnet has none until a container
 *     joins it
 * @param encrypted whether what goes between hosts is
 */
public record OverlayNetwork(Map<String, Long> vnis, boolean encrypted) {
  public OverlayNetwork {
    vnis = Map.copyOf(vnis);
  }

  /** Reads a record. */
  public static OverlayNetwork read(Bytes value) throws UndecodedException {
    Fields fields = Fields.of(value);
    Map<String, Long> vnis = new LinkedHashMap<>();
    for (Fields subnet : fields.objects("subnets")) {
      String pool =
          subnet
              .optionalSubnet("SubnetIP")
              .orElseThrow(() -> new UndecodedException("field subnets.SubnetIP is missing"));
      long vni = subnet.number("Vni");
      if (vni > 0xff_ffff) {
        throw new UndecodedException("field subnets.Vni is more than 24 bits");
      }
      if (vni > 0) {
        vnis.put(pool, vni);
      }
    }
    return new OverlayNetwork(vnis, fields.flag("secure"));
  }
}
