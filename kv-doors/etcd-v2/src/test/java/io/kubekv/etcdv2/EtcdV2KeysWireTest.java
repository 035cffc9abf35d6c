package io.kubekv.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys and directories, with the bytes that etcd 3.4.23 answers. */
final class EtcdV2KeysWireTest extends EtcdV2Wire {
  private void check(Answer answer, int status, String shape) {
    assertThat(shape(answer)).isEqualTo(shape + "\n");
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void set_newKey_answersCreated() throws IOException {
    Answer answer = put("/k", "value=1");

    check(
        answer,
        201,
        "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#1,\"createdIndex\":#1}}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("X-Etcd-Index")).isEqualTo(String.valueOf(modifiedIndex(answer)));
    assertThat(answer.header("X-Etcd-Cluster-Id")).matches("[0-9a-f]{1,16}");
    assertThat(answer.header("X-Raft-Index")).matches("\\d+");
    assertThat(answer.header("X-Raft-Term")).matches("\\d+");
  }

  @Test
  void set_existingKey_replacesIt() throws IOException {
    put("/k", "value=1");

    check(
        put("/k", "value=2"),
        200,
        "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"2\",\"modifiedIndex\":#1,\"createdIndex\":#1},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
  }

  @Test
  void set_withoutValue_storesTheEmptyOne() throws IOException {
    check(
        put("/k", ""),
        201,
        "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"value\":\"\",\"modifiedIndex\":#1,\"createdIndex\":#1}}");
  }

  @Test
  void set_noValueOnSuccess_answersTheActionOnly() throws IOException {
    check(put("/k?noValueOnSuccess=true", "value=1"), 201, "{\"action\":\"set\"}");
  }

  @Test
  void set_directory_ignoresTheValue() throws IOException {
    check(
        put("/d?dir=true", "value=ignored"),
        201,
        "{\"action\":\"set\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#1,\"createdIndex\":#1}}");
  }

  @Test
  void set_directoryOnFile_replacesTheFile() throws IOException {
    put("/k", "value=1");

    check(
        put("/k?dir=true", ""),
        200,
        "{\"action\":\"set\",\"node\":{\"key\":\"/T/k\",\"dir\":true,\"modifiedIndex\":#1,\"createdIndex\":#1},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
  }

  @Test
  void set_onDirectory_isRefused() throws IOException {
    put("/d?dir=true", "");
    String refusal =
        "{\"errorCode\":102,\"message\":\"Not a file\",\"cause\":\"/T/d\",\"index\":#1}";

    check(put("/d", "value=1"), 403, refusal);
    check(put("/d?dir=true", ""), 403, refusal);
  }

  @Test
  void set_belowFile_isRefused() throws IOException {
    put("/k", "value=1");

    check(
        put("/k/below", "value=1"),
        400,
        "{\"errorCode\":104,\"message\":\"Not a directory\",\"cause\":\"/T/k\",\"index\":#1}");
  }

  @Test
  void set_trailingSlash_namesTheSameNode() throws IOException {
    put("/k/", "value=1");

    assertThat(get("/k").status()).isEqualTo(200);
    assertThat(shape(get("/k/"))).contains("\"key\":\"/T/k\"");
  }

  @Test
  void set_deepKey_makesItsParents() throws IOException {
    put("/a/b/c", "value=1");

    assertThat(shape(get("/a/b")))
        .contains("\"key\":\"/T/a/b\",\"dir\":true,\"nodes\":[{\"key\":\"/T/a/b/c\"");
  }

  @Test
  void create_existing_isRefused() throws IOException {
    check(
        put("/k?prevExist=false", "value=1"),
        201,
        "{\"action\":\"create\",\"node\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#1,\"createdIndex\":#1}}");
    check(
        put("/k?prevExist=false", "value=1"),
        412,
        "{\"errorCode\":105,\"message\":\"Key already exists\",\"cause\":\"/T/k\",\"index\":#1}");
  }

  @Test
  void update_keepsTheCreatedIndex() throws IOException {
    put("/k", "value=1");

    check(
        put("/k?prevExist=true", "value=2"),
        200,
        "{\"action\":\"update\",\"node\":{\"key\":\"/T/k\",\"value\":\"2\",\"modifiedIndex\":#1,\"createdIndex\":#2},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
  }

  @Test
  void update_missing_namesTheFirstMissingElement() throws IOException {
    check(
        put("/none/below?prevExist=true", "value=2"),
        404,
        "{\"errorCode\":100,\"message\":\"Key not found\",\"cause\":\"/T/none\",\"index\":#1}");
  }

  @Test
  void update_directoryWithTtl_setsItsExpiry() throws IOException {
    put("/d?dir=true", "");

    assertThat(shape(put("/d?dir=true&prevExist=true&ttl=60", "")))
        .startsWith(
            "{\"action\":\"update\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"expiration\":time,\"ttl\":60,");
  }

  @Test
  void update_directoryWithValue_isRefused() throws IOException {
    put("/d?dir=true", "");

    check(
        put("/d?prevExist=true", "value=2"),
        403,
        "{\"errorCode\":102,\"message\":\"Not a file\",\"cause\":\"/T/d\",\"index\":#1}");
  }

  @Test
  void compareAndSwap_rightIndex_changesTheValue() throws IOException {
    long index = modifiedIndex(put("/k", "value=1"));

    check(
        put("/k?prevExist=true&prevIndex=" + index, "value=2"),
        200,
        "{\"action\":\"compareAndSwap\",\"node\":{\"key\":\"/T/k\",\"value\":\"2\",\"modifiedIndex\":#1,\"createdIndex\":#2},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
  }

  @Test
  void compareAndSwap_differences_areNamed() throws IOException {
    long index = modifiedIndex(put("/k", "value=1"));

    assertThat(put("/k?prevIndex=18446744073709551615", "value=2").body())
        .contains(
            "\"errorCode\":101,\"message\":\"Compare failed\",\"cause\":\"[18446744073709551615 != "
                + index
                + "]\"");
    assertThat(put("/k?prevValue=zz", "value=2").body()).contains("\"cause\":\"[zz != 1]\"");
    assertThat(put("/k?prevValue=zz&prevIndex=" + index, "value=2").body())
        .contains("\"cause\":\"[zz != 1]\"");
    assertThat(put("/k?prevValue=1&prevIndex=3", "value=2").body())
        .contains("\"cause\":\"[3 != " + index + "]\"");
    Answer both = put("/k?prevValue=zz&prevIndex=3", "value=2");
    assertThat(both.body()).contains("\"cause\":\"[zz != 1] [3 != " + index + "]\"");
    assertThat(both.status()).isEqualTo(412);
  }

  @Test
  void compareAndSwap_directory_isRefused() throws IOException {
    put("/d?dir=true", "");

    assertThat(put("/d?prevIndex=1", "value=1").body()).contains("\"errorCode\":102");
  }

  @Test
  void postInOrder_namesGrow() throws IOException {
    put("/q?dir=true", "");
    Answer first = post("/q", "value=a");
    Answer second = post("/q", "value=b");

    assertThat(first.status()).isEqualTo(201);
    assertThat(shape(first))
        .matches(
            "\\{\"action\":\"create\",\"node\":\\{\"key\":\"/T/q/\\d{20}\",\"value\":\"a\",\"modifiedIndex\":#1,\"createdIndex\":#1}}\n");
    assertThat(shape(get("/q?sorted=true")))
        .containsSubsequence("\"value\":\"a\"", "\"value\":\"b\"");
    assertThat(second.body().compareTo(first.body())).isPositive();
    for (Answer made : List.of(first, second)) {
      assertThat(made.body()).contains("/q/%020d".formatted(modifiedIndex(made)));
    }
  }

  @Test
  void postInOrder_afterARefusedOne_takesTheNextIndex() throws IOException {
    long before = modifiedIndex(put("/f", "value=1"));

    check(
        post("/f", "value=a"),
        400,
        "{\"errorCode\":104,\"message\":\"Not a directory\",\"cause\":\"/T/f\",\"index\":#1}");
    Answer made = post("/q", "value=b");

    assertThat(modifiedIndex(made)).isEqualTo(before + 1);
    assertThat(made.body()).contains("/q/%020d".formatted(before + 1));
  }

  @Test
  void postInOrder_nameIsTaken_isRefused() throws IOException {
    long before = modifiedIndex(put("/f", "value=1"));
    String taken = "/q/%020d".formatted(before + 2);
    put(taken, "value=1");

    check(
        post("/q", "value=a"),
        412,
        "{\"errorCode\":105,\"message\":\"Key already exists\",\"cause\":\"/T"
            + taken
            + "\",\"index\":#1}");
  }

  @Test
  void madeParents_haveTheIndexOfTheirPut() throws IOException {
    put("/p/a/b", "value=1");

    check(
        get("/p?recursive=true"),
        200,
        "{\"action\":\"get\",\"node\":{\"key\":\"/T/p\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/T/p/a\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/T/p/a/b\",\"value\":\"1\",\"modifiedIndex\":#1,\"createdIndex\":#1}],"
            + "\"modifiedIndex\":#1,\"createdIndex\":#1}],"
            + "\"modifiedIndex\":#1,\"createdIndex\":#1}}");
  }

  @Test
  void get_directory_showsOneLevel() throws IOException {
    put("/d?dir=true", "");
    put("/d/a", "value=1");
    put("/d/b?dir=true", "");
    put("/d/b/c", "value=2");
    put("/d/_hidden", "value=3");

    check(
        get("/d?sorted=true"),
        200,
        "{\"action\":\"get\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/T/d/a\",\"value\":\"1\",\"modifiedIndex\":#1,\"createdIndex\":#1},"
            + "{\"key\":\"/T/d/b\",\"dir\":true,\"modifiedIndex\":#2,\"createdIndex\":#2}],"
            + "\"modifiedIndex\":#3,\"createdIndex\":#3}}");
  }

  @Test
  void get_recursiveSorted_showsAllLevelsInOrder() throws IOException {
    put("/d?dir=true", "");
    put("/d/b?dir=true", "");
    put("/d/b-1", "value=x");
    put("/d/b/c", "value=2");
    put("/d/a", "value=1");
    put("/d/b/_h/x", "value=3");

    check(
        get("/d?recursive=true&sorted=true&quorum=true"),
        200,
        "{\"action\":\"get\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/T/d/a\",\"value\":\"1\",\"modifiedIndex\":#1,\"createdIndex\":#1},"
            + "{\"key\":\"/T/d/b\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/T/d/b/c\",\"value\":\"2\",\"modifiedIndex\":#2,\"createdIndex\":#2}],"
            + "\"modifiedIndex\":#3,\"createdIndex\":#3},"
            + "{\"key\":\"/T/d/b-1\",\"value\":\"x\",\"modifiedIndex\":#4,\"createdIndex\":#4}],"
            + "\"modifiedIndex\":#5,\"createdIndex\":#5}}");
  }

  @Test
  void get_hidden_worksByName() throws IOException {
    put("/_h/_x", "value=1");

    assertThat(get("/_h/_x").status()).isEqualTo(200);
    assertThat(get("/_h").body()).doesNotContain("nodes");
  }

  @Test
  void get_missing_namesTheFirstMissingElement() throws IOException {
    Answer answer = get("/none/below?quorum=true&recursive=false&sorted=false");

    check(
        answer,
        404,
        "{\"errorCode\":100,\"message\":\"Key not found\",\"cause\":\"/T/none\",\"index\":#1}");
    assertThat(answer.header("X-Etcd-Index")).matches("\\d+");
    assertThat(answer.headers()).doesNotContainKeys("x-raft-index", "x-raft-term");
  }

  @Test
  void get_belowFile_isRefused() throws IOException {
    put("/k", "value=1");

    check(
        get("/k/below"),
        400,
        "{\"errorCode\":104,\"message\":\"Not a directory\",\"cause\":\"/T/k\",\"index\":#1}");
  }

  @Test
  void get_root_hasNeitherKeyNorIndexes() throws IOException {
    Answer answer = call("GET", "/v2/keys");

    assertThat(answer.body()).startsWith("{\"action\":\"get\",\"node\":{\"dir\":true,\"nodes\":[");
    assertThat(answer.body()).endsWith("}]}}\n");
  }

  @Test
  void head_isGetWithoutBody() throws IOException {
    Answer put = put("/k", "value=1");

    Answer head = http().request("HEAD", keys("/k"), "").bodyless();

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("X-Etcd-Index")).isEqualTo(put.header("X-Etcd-Index"));
    assertThat(Integer.parseInt(head.header("Content-Length")))
        .isEqualTo(put.header("Content-Length").isEmpty() ? 0 : put.body().length());
    assertThat(get("/k").status()).isEqualTo(200);
  }

  @Test
  void delete_file_leavesNoValue() throws IOException {
    put("/k", "value=1");

    check(
        delete("/k"),
        200,
        "{\"action\":\"delete\",\"node\":{\"key\":\"/T/k\",\"modifiedIndex\":#1,\"createdIndex\":#2},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
    check(
        delete("/k"),
        404,
        "{\"errorCode\":100,\"message\":\"Key not found\",\"cause\":\"/T/k\",\"index\":#1}");
  }

  @Test
  void delete_directory_needsDirOrRecursive() throws IOException {
    put("/d?dir=true", "");
    put("/d/k", "value=1");

    assertThat(delete("/d").body()).contains("\"errorCode\":102,\"message\":\"Not a file\"");
    Answer notEmpty = delete("/d?dir=true");
    assertThat(notEmpty.status()).isEqualTo(403);
    assertThat(shape(notEmpty))
        .isEqualTo(
            "{\"errorCode\":108,\"message\":\"Directory not"
                + " empty\",\"cause\":\"/T/d\",\"index\":#1}\n");
    check(
        delete("/d?recursive=true"),
        200,
        "{\"action\":\"delete\",\"node\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#1,\"createdIndex\":#2},"
            + "\"prevNode\":{\"key\":\"/T/d\",\"dir\":true,\"modifiedIndex\":#2,\"createdIndex\":#2}}");
    assertThat(get("/d/k").status()).isEqualTo(404);
  }

  @Test
  void delete_lastChild_leavesTheDirectory() throws IOException {
    put("/d/k", "value=1");
    delete("/d/k");

    assertThat(get("/d").status()).isEqualTo(200);
    assertThat(delete("/d?dir=true").status()).isEqualTo(200);
  }

  @Test
  void compareAndDelete_comparesFilesOnly() throws IOException {
    long index = modifiedIndex(put("/k", "value=1"));
    put("/d?dir=true", "");

    assertThat(delete("/k?prevIndex=3").body()).contains("\"cause\":\"[3 != " + index + "]\"");
    assertThat(delete("/k?prevValue=zz").status()).isEqualTo(412);
    assertThat(delete("/d?prevIndex=3").body()).contains("\"errorCode\":102");
    check(
        delete("/k?prevIndex=" + index + "&prevValue=1"),
        200,
        "{\"action\":\"compareAndDelete\",\"node\":{\"key\":\"/T/k\",\"modifiedIndex\":#1,\"createdIndex\":#2},"
            + "\"prevNode\":{\"key\":\"/T/k\",\"value\":\"1\",\"modifiedIndex\":#2,\"createdIndex\":#2}}");
  }

  @Test
  void root_isReadOnly() throws IOException {
    String refusal =
        "{\"errorCode\":107,\"message\":\"Root is read only\",\"cause\":\"/\",\"index\":#1}";

    check(http().request("PUT", "/v2/keys", "value=1").answer(), 400, refusal);
    check(call("DELETE", "/v2/keys/?recursive=true"), 400, refusal);
  }
}
