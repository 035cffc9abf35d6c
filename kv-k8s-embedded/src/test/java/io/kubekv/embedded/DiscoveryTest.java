package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiscoveryTest {
  private final Discovery discovery =
      new Discovery(List.of(TestTypes.namespaces(), TestTypes.keyValues()));

  @Test
  void coreVersions_nameV1AndTheServer() {
    assertThat(discovery.coreVersions("127.0.0.1:1"))
        .isEqualTo(
            json(
                """
                {'kind':'APIVersions','versions':['v1'],
                 'serverAddressByClientCIDRs':[{'clientCIDR':'0.0.0.0/0','serverAddress':'127.0.0.1:1'}]}
                """));
  }

  @Test
  void groupList_hasNamedGroupsOnly() {
    assertThat(discovery.groupList())
        .isEqualTo(
            json(
                """
                {'kind':'APIGroupList','apiVersion':'v1','groups':[{'name':'kubekv.io',
                 'versions':[{'groupVersion':'kubekv.io/v1','version':'v1'}],
                 'preferredVersion':{'groupVersion':'kubekv.io/v1','version':'v1'}}]}
                """));
    assertThat(discovery.group("kubekv.io")).isPresent();
    assertThat(discovery.group("apps")).isEmpty();
  }

  @Test
  void resourceList_describesTypesAndTheirStatus() {
    JsonNode kubekv = discovery.resourceList("kubekv.io", "v1").orElseThrow();
    JsonNode core = discovery.resourceList("", "v1").orElseThrow();

    assertThat(kubekv.path("groupVersion").asString()).isEqualTo("kubekv.io/v1");
    assertThat(kubekv.at("/resources/0"))
        .isEqualTo(
            json(
                """
                {'name':'keyvalues','singularName':'keyvalue','namespaced':true,'kind':'KeyValue',
                 'verbs':['create','delete','deletecollection','get','list','patch','update','watch'],
                 'shortNames':['kv']}
                """));
    assertThat(core.path("resources").findValuesAsString("name"))
        .containsExactly("namespaces", "namespaces/status");
    assertThat(discovery.resourceList("kubekv.io", "v2")).isEmpty();
  }

  @Test
  void aggregated_splitsCoreFromTheOthers() {
    JsonNode core = discovery.aggregated(true, "v2");
    JsonNode named = discovery.aggregated(false, "v2beta1");

    assertThat(core.path("apiVersion").asString()).isEqualTo("apidiscovery.k8s.io/v2");
    assertThat(core.at("/items/0/versions/0/resources/0/subresources/0/subresource").asString())
        .isEqualTo("status");
    assertThat(named.path("apiVersion").asString()).isEqualTo("apidiscovery.k8s.io/v2beta1");
    assertThat(named.path("items").size()).isEqualTo(1);
    assertThat(named.at("/items/0/metadata/name").asString()).isEqualTo("kubekv.io");
    assertThat(named.at("/items/0/versions/0/resources/0"))
        .isEqualTo(
            json(
                """
                {'resource':'keyvalues',
                 'responseKind':{'group':'kubekv.io','version':'v1','kind':'KeyValue'},
                 'scope':'Namespaced','singularResource':'keyvalue',
                 'verbs':['create','delete','deletecollection','get','list','patch','update','watch'],
                 'shortNames':['kv']}
                """));
  }

  @Test
  void group_withSeveralVersions_prefersTheMostStable() {
    Discovery several =
        new Discovery(
            List.of("v1beta1", "v1", "v2alpha1", "v2", "odd").stream()
                .map(DiscoveryTest::version)
                .toList());

    assertThat(
            several.group("kubekv.io").orElseThrow().path("versions").findValuesAsString("version"))
        .containsExactly("v2", "v1", "v1beta1", "v2alpha1", "odd");
  }

  @Test
  void version_namesTheKubernetesItImitates() {
    assertThat(Discovery.version().path("gitVersion").asString())
        .matches("v1\\.\\d+\\.\\d+\\+kubekv");
  }

  private static ResourceType version(String version) {
    ResourceType type = TestTypes.keyValues();
    return new ResourceType(
        type.group(),
        version,
        type.plural(),
        type.singular(),
        type.kind(),
        type.listKind(),
        type.shortNames(),
        type.categories(),
        type.namespaced(),
        type.schema(),
        type.printerColumns(),
        type.selectableFields(),
        type.statusSubresource());
  }
}
