package io.kubekv.docker;

import io.kubekv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network, as its record says.
 *
 * @param driver such as {@code overlay}
 * @param scope {@code global}: all engines of the store share it
 * @param subnets those of IPv4 first, in the order of the record
 * @param created when, as the engine wrote it; absent where it has not
 */
public record DockerNetwork(
    String id,
    String name,
    String driver,
    Optional<String> scope,
    List<Subnet> subnets,
    boolean internal,
    boolean attachable,
    boolean ipv6,
    Optional<String> created) {
  /**
   * A subnet of a network.
   *
   * @param pool such as {@code 10.0.0.0/24}
   * @param range the part of it from which addresses are given, absent where that is all of it
   * @param gateway absent where the record names none
   */
  public record Subnet(String pool, Optional<String> range, Optional<String> gateway) {}

  public DockerNetwork {
    subnets = List.copyOf(subnets);
  }

  /**
   * Reads a record.
   *
   * @param id of the network, from its key
   */
  public static DockerNetwork read(String id, Bytes value) throws UndecodedException {
    Fields fields = Fields.of(value);
    if (!fields.text("id").equals(id)) {
      throw new UndecodedException("field id is not the id in the key");
    }
    List<Subnet> subnets = new ArrayList<>(subnets(fields, "ipamV4Info", "ipamV4Config"));
    subnets.addAll(subnets(fields, "ipamV6Info", "ipamV6Config"));
    return new DockerNetwork(
        id,
        fields.text("name"),
        fields.text("networkType"),
        fields.optionalText("scope"),
        subnets,
        fields.flag("internal"),
        fields.flag("attachable"),
        fields.flag("enableIPv6"),
        fields.optionalText("created"));
  }

  /** What was allocated stands in the first field, what was asked for in the second. */
  private static List<Subnet> subnets(Fields fields, String allocated, String asked)
      throws UndecodedException {
    List<Fields> infos = fields.objectsInText(allocated);
    List<Fields> configs = fields.objectsInText(asked);
    if (!configs.isEmpty() && !infos.isEmpty() && configs.size() != infos.size()) {
      throw new UndecodedException(
          "field " + allocated + " has another number of subnets than " + asked);
    }
    List<Subnet> subnets = new ArrayList<>();
    for (int i = 0; i < infos.size(); i++) {
      Fields data = infos.get(i).objectInText("IPAMData");
      Optional<String> pool = data.optionalSubnet("Pool");
      if (pool.isPresent()) {
        subnets.add(
            new Subnet(
                pool.get(),
                configs.isEmpty() ? Optional.empty() : configs.get(i).optionalSubnet("SubPool"),
                data.optionalSubnet("Gateway").map(DockerNetwork::address)));
      }
    }
    return subnets;
  }

  private static String address(String withLength) {
    return withLength.substring(0, withLength.indexOf('/'));
  }
}
