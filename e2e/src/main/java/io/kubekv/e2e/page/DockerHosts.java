package io.kubekv.e2e.page;

import java.io.IOException;
import java.util.List;
import org.openqa.selenium.WebElement;

/** What Docker's engines keep, as a picture: a container of each of two hosts in one network. */
final class DockerHosts {
  private static final String NETWORKS = "docker/network/v1.0/";

  private final World world;

  DockerHosts(World world) {
    this.world = world;
  }

  void run() throws IOException {
    world.put(
        NETWORKS + "network/5f1c",
        """
        {"id":"5f1c","name":"shop","networkType":"overlay","scope":"global",\
        "ipamV4Info":"[{\\"IPAMData\\":\\"{\\\\\\"Pool\\\\\\":\\\\\\"10.9.0.0/24\\\\\\"}\\"}]"}\
        """);
    world.put(
        NETWORKS + "overlay/network/5f1c",
        "{\"secure\":false,\"subnets\":[{\"SubnetIP\":\"10.9.0.0/24\",\"Vni\":261}]}");
    for (int host = 1; host <= 2; host++) {
      String address = "10.88.0." + host;
      world.put("docker/nodes/" + address + ":2376", address + ":2376");
      world.put(
          NETWORKS + "endpoint/5f1c/e" + host,
          "{\"id\":\"e%d\",\"name\":\"web-%d\",\"locator\":\"%s\",\"ep_iface\":{\"addr\":\"10.9.0.%d/24\"}}"
              .formatted(host, host, address, host + 1));
    }
    world.put("docker/nodes/nowhere", "x");
    world.open("/docker");
    List<String> rows = world.browser().all("tbody tr").stream().map(WebElement::getText).toList();
    String text = world.browser().text();
    world.browser().shoot("docker");
    world.found(
        "Docker's hosts, networks and containers are shown, each where it is",
        rows.size() == 2
            && rows.get(0).contains("10.88.0.1")
            && rows.get(0).contains("web-1 10.9.0.2/24")
            && rows.get(1).contains("web-2 10.9.0.3/24")
            && text.contains("shop overlay")
            && text.contains("10.9.0.0/24, VNI 261")
            && text.contains("docker/nodes/nowhere"));
  }
}
