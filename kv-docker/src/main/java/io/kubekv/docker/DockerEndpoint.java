package io.kubekv.docker;

import io.kubekv.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Where a container is in a network, as the endpoint's record says.
 *
 * @param network the network's id
 * @param container the name of the container
 * @param host the address of the engine that runs it; absent where the record names none
 * @param address with the length of its network; absent until the endpoint has one
 * @param address6 the same of IPv6
 * @param mac absent until the endpoint has one
 * @param aliases by which the container itself is reached in this network
 * @param sandbox the id of the container's network sandbox; absent while it has not joined
 */
public record DockerEndpoint(
    String network,
    String id,
    String container,
    Optional<String> host,
    Optional<String> address,
    Optional<String> address6,
    Optional<String> mac,
    List<String> aliases,
    Optional<String> sandbox) {
  public DockerEndpoint {
    aliases = List.copyOf(aliases);
  }

  /**
   * Reads a record.
   *
   * @param network the network's id, from the key
   * @param id the endpoint's id, from the key
   */
  public static DockerEndpoint read(String network, String id, Bytes value)
      throws UndecodedException {
    Fields fields = Fields.of(value);
    if (!fields.text("id").equals(id)) {
      throw new UndecodedException("field id is not the id in the key");
    }
    Optional<Fields> found = fields.optionalObject("ep_iface");
    return new DockerEndpoint(
        network,
        id,
        fields.text("name"),
        fields.optionalText("locator"),
        found.isEmpty() ? Optional.empty() : found.get().optionalSubnet("addr"),
        found.isEmpty() ? Optional.empty() : found.get().optionalSubnet("addrv6"),
        found.isEmpty() ? Optional.empty() : found.get().optionalText("mac"),
        fields.texts("myAliases"),
        fields.optionalText("sandbox"));
  }
}
