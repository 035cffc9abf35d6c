package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ViewFormTest {
  private static GenericKubernetesResource object(String metadata, String status) {
    return Serialization.unmarshal(
        """
        {"apiVersion":"kubekv.io/v1","kind":"KeyValue",
         "metadata":{"name":"x","uid":"u1","resourceVersion":"7"%s},
         "spec":{"type":"Value","key":"a","value":"v"}, "status":{%s}}
        """
            .formatted(metadata, status),
        GenericKubernetesResource.class);
  }

  private static String managers(String... names) {
    StringBuilder fields = new StringBuilder();
    int minute = 10;
    for (String name : names) {
      fields.append(fields.isEmpty() ? "" : ",");
      fields.append(
          "{\"manager\":\"%s\",\"operation\":\"Update\",\"time\":\"2026-01-01T00:%d:00Z\"}"
              .formatted(name, minute++));
    }
    return ",\"managedFields\":[" + fields + "]";
  }

  @Test
  void read_editedByTwo_namesTheLastAsAuthor() {
    ViewObject object = ViewForm.read(object(managers("kubectl-edit", "argocd", "kubekv"), ""));

    assertThat(object.author()).isEqualTo("argocd");
    assertThat(object.isMadeByOthers()).isFalse();
  }

  @Test
  void read_nothingOfOursInIt_wasMadeByOthersWhateverItsStatusSays() {
    ViewObject object =
        ViewForm.read(object(managers("kubectl-create"), "\"revision\":\"5\",\"store\":\"1\""));

    assertThat(object.isMadeByOthers()).isTrue();
    assertThat(object.isEdited()).isTrue();
    assertThat(object.shows("1")).isEmpty();
  }

  @Test
  void read_uidOfAnotherObject_isACopy() {
    assertThat(ViewForm.read(object("", "\"uid\":\"u0\"")).isMadeByOthers()).isTrue();
    assertThat(ViewForm.read(object("", "\"uid\":\"u1\"")).isMadeByOthers()).isFalse();
  }

  @Test
  void read_applyOnAnApiThatHadNoOwners_isNotMadeByOthers() {
    assertThat(ViewForm.read(object(managers("before-first-apply", "kubectl"), "")))
        .returns(false, ViewObject::isMadeByOthers)
        .returns("kubectl", ViewObject::author);
  }

  @Test
  void read_statusThatIsNoneOfOurs_isNoRevision() {
    assertThat(ViewForm.read(object("", "\"revision\":\"-3\",\"hash\":[1]")).status().revision())
        .isEmpty();
  }

  @Test
  void hash_ofCauseAlone_isTheSame() {
    var spec = ViewForm.spec(object("", ""));
    var other = new java.util.HashMap<>(spec);
    other.put("cause", "Expire");

    assertThat(ViewForm.hash(other)).isEqualTo(ViewForm.hash(spec));
    other.put("value", "w");
    assertThat(ViewForm.hash(other)).isNotEqualTo(ViewForm.hash(spec));
  }
}
