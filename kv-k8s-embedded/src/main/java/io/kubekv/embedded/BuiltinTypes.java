package io.kubekv.embedded;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The types that are served without a CustomResourceDefinition, with the parts of their schemas
 * that we keep.
 */
final class BuiltinTypes {
  static final String DEFINITIONS_GROUP = "apiextensions.k8s.io";

  private BuiltinTypes() {}

  static ResourceType namespace() {
    return new ResourceType(
        "",
        "v1",
        "namespaces",
        "namespace",
        "Namespace",
        "NamespaceList",
        List.of("ns"),
        List.of(),
        false,
        schema(
            """
            {"type":"object","properties":{
              "spec":{"type":"object","properties":{
                "finalizers":{"type":"array","items":{"type":"string"}}}},
              "status":{"type":"object","properties":{
                "phase":{"type":"string"},
                "conditions":{"type":"array","items":
                  {"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}}
            """),
        List.of(
            column("Status", "string", "", ".status.phase"),
            column("Age", "date", "", ".metadata.creationTimestamp")),
        List.of(".status.phase"),
        true);
  }

  static ResourceType lease() {
    return new ResourceType(
        "coordination.k8s.io",
        "v1",
        "leases",
        "lease",
        "Lease",
        "LeaseList",
        List.of(),
        List.of(),
        true,
        schema(
            """
            {"type":"object","properties":{"spec":{"type":"object","properties":{
              "acquireTime":{"type":"string","format":"date-time"},
              "holderIdentity":{"type":"string"},
              "leaseDurationSeconds":{"type":"integer","format":"int32","minimum":1},
              "leaseTransitions":{"type":"integer","format":"int32","minimum":0},
              "preferredHolder":{"type":"string"},
              "renewTime":{"type":"string","format":"date-time"},
              "strategy":{"type":"string"}}}}}
            """),
        List.of(
            column("Holder", "string", "", ".spec.holderIdentity"),
            column("Age", "date", "", ".metadata.creationTimestamp")),
        List.of(),
        false);
  }

  static ResourceType definition() {
    return new ResourceType(
        DEFINITIONS_GROUP,
        "v1",
        "customresourcedefinitions",
        "customresourcedefinition",
        "CustomResourceDefinition",
        "CustomResourceDefinitionList",
        List.of("crd", "crds"),
        List.of("api-extensions"),
        false,
        schema(
            """
            {"type":"object","required":["spec"],"properties":{
              "spec":{"type":"object","required":["group","names","scope","versions"],
                "x-kubernetes-preserve-unknown-fields":true,"properties":{
                "group":{"type":"string"},
                "scope":{"type":"string","enum":["Namespaced","Cluster"]},
                "names":{"type":"object","required":["plural","kind"],"properties":{
                  "plural":{"type":"string"},"singular":{"type":"string"},
                  "kind":{"type":"string"},"listKind":{"type":"string"},
                  "shortNames":{"type":"array","items":{"type":"string"}},
                  "categories":{"type":"array","items":{"type":"string"}}}},
                "versions":{"type":"array","minItems":1,"items":{"type":"object",
                  "required":["name","served","storage"],
                  "x-kubernetes-preserve-unknown-fields":true,"properties":{
                    "name":{"type":"string"},"served":{"type":"boolean"},
                    "storage":{"type":"boolean"}}}}}},
              "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}
            """),
        List.of(
            column("Scope", "string", "Cluster/Namespaced", ".spec.scope"),
            column("Versions", "string", "Served versions", ".spec.versions[*].name"),
            column("Created At", "string", "", ".metadata.creationTimestamp"),
            wideColumn("Group", "API group", ".spec.group"),
            wideColumn("Kind", "CustomResource kind", ".spec.names.kind"),
            wideColumn("ShortNames", "Short names", ".spec.names.shortNames[*]")),
        List.of(),
        true);
  }

  private static ResourceType.PrinterColumn column(
      String name, String type, String description, String path) {
    return new ResourceType.PrinterColumn(name, type, "", description, 0, path);
  }

  /** Shown with {@code -o wide} only. */
  private static ResourceType.PrinterColumn wideColumn(
      String name, String description, String path) {
    return new ResourceType.PrinterColumn(name, "string", "", description, 1, path);
  }

  private static ObjectNode schema(String json) {
    return (ObjectNode) ObjectJson.MAPPER.readTree(json);
  }
}
