package io.kubekv.embedded;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One served resource type: a built-in one (Namespace, Lease, CustomResourceDefinition) or one
 * version of a CustomResourceDefinition, as discovery, OpenAPI, Table output, validation and the
 * routes see it.
 *
 * <p>Immutable. {@code schema} is shared and must not be changed by anyone who reads it.
 *
 * @param group API group; the empty string for the core group
 * @param version version within the group, such as {@code v1}
 * @param plural lower-case name in URLs
 * @param singular lower-case singular name; never empty for a type that has been accepted
 * @param kind CamelCase kind of one object
 * @param listKind kind of a list
 * @param shortNames abbreviations that kubectl accepts
 * @param categories groups such as {@code all}
 * @param namespaced whether objects live in a namespace
 * @param schema the {@code openAPIV3Schema} of the whole object (with apiVersion, kind and metadata
 *     allowed to be absent from it); an empty object node means "no schema: preserve everything"
 * @param printerColumns additional columns of Table output, in order, without NAME
 * @param selectableFields JSON paths ({@code .spec.type}) that field selectors may name besides
 *     metadata.name and metadata.namespace
 * @param statusSubresource whether {@code /status} is served and a main PUT ignores status
 */
record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    String listKind,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    ObjectNode schema,
    List<PrinterColumn> printerColumns,
    List<String> selectableFields,
    boolean statusSubresource) {

  ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    printerColumns = List.copyOf(printerColumns);
    selectableFields = List.copyOf(selectableFields);
  }

  /**
   * One {@code additionalPrinterColumns} entry; {@code format} and {@code description} may be
   * empty.
   */
  record PrinterColumn(
      String name, String type, String format, String description, int priority, String jsonPath) {}

  /** {@code v1} for the core group, {@code group/version} otherwise. */
  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /**
   * {@code plural.group}, or the plural alone for the core group: how Status messages name a type.
   */
  String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
