package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RbacFileTest {
  private static final String ROLES =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: docker}
      rules:
      - nonResourceURLs: ["/kv/default/docker", "/kv/default/docker/*"]
        verbs: [get, put]
      - nonResourceURLs: ["/sessions/default"]
        verbs: ["*"]
      - apiGroups: [""]
        resources: [pods]
        verbs: [get]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: docker}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: docker}
      subjects:
      - {kind: User, apiGroup: rbac.authorization.k8s.io, name: host1}
      - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: hosts}
      - {kind: ServiceAccount, name: web, namespace: shop}
      """;

  @TempDir Path folder;

  private RbacFile open(String text) throws IOException {
    return RbacFile.open(Files.writeString(folder.resolve("rbac.yaml"), text));
  }

  private static User user(String name, String... groups) {
    return new User(name, List.of(groups));
  }

  @Test
  void rule_countsForItsSubjectsVerbsAndPaths() throws IOException {
    RbacFile file = open(ROLES);

    for (User user :
        List.of(user("host1"), user("x", "hosts"), user("system:serviceaccount:shop:web"))) {
      assertThat(file.isAllowed(user, Verb.GET, "/kv/default/docker/nodes")).isTrue();
      assertThat(file.isAllowed(user, Verb.GET, "/kv/default/docker/*")).isTrue();
      assertThat(file.isAllowed(user, Verb.PUT, "/kv/default/docker")).isTrue();
      assertThat(file.isAllowed(user, Verb.DELETE, "/sessions/default")).isTrue();
      assertThat(file.isAllowed(user, Verb.DELETE, "/kv/default/docker/nodes")).isFalse();
      assertThat(file.isAllowed(user, Verb.GET, "/kv/default/dockers")).isFalse();
      assertThat(file.isAllowed(user, Verb.GET, "/kv/default/*")).isFalse();
      assertThat(file.isAllowed(user, Verb.GET, "/kv/default/docker*")).isFalse();
    }
    assertThat(file.isAllowed(user("hosts", "host1"), Verb.GET, "/kv/default/docker")).isFalse();
  }

  @Test
  void starInTheMiddle_isALetter() throws IOException {
    RbacFile file = open(ROLES.replace("/kv/default/docker/*", "/kv/*/docker/*"));

    assertThat(file.isAllowed(user("host1"), Verb.GET, "/kv/default/docker/nodes")).isFalse();
    assertThat(file.isAllowed(user("host1"), Verb.GET, "/kv/*/docker/nodes")).isTrue();
  }

  private void check(String text, String problem) {
    assertThatThrownBy(() -> open(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rbac.yaml cannot be used: ")
        .hasMessageContaining(problem);
  }

  @Test
  void whatCannotBeUsed_isNamed() {
    check("kind: Role\n", "a document is of kind 'Role'");
    check("kind: [", "it is not YAML");
    check("- a\n", "a document is missing, or no map");
    check(ROLES.replace("name: docker}\nsubjects", "name: other}\nsubjects"), "not there: other");
    check(ROLES.replace("kind: Group", "kind: Team"), "subject hosts is no User, Group");
    check(ROLES.replace("verbs: [get, put]", "verbs: get"), "verbs is no list");
  }
}
