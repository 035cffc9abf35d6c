package io.kubekv.consul;

import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.TransactionResult;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.Header;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a transaction; with any error, nothing was done.
 *
 * @param results what its operations found or made, in order
 * @param errors what speaks against it
 */
record TxnOutcome(List<Result> results, List<Failure> errors) {
  /** An entry; {@code withValue} for reads. */
  record Result(Entry entry, boolean withValue) {}

  /** Why the operation at a place in the request cannot be done. */
  record Failure(int position, String what) {}

  TxnOutcome {
    results = List.copyOf(results);
    errors = List.copyOf(errors);
  }

  /** Of a transaction that was committed. */
  static TxnOutcome of(List<TxnStep> steps, List<TransactionResult> done) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < done.size(); i++) {
      boolean withValue = steps.get(i).asked().verb().startsWith("get");
      shown(done.get(i)).forEach(entry -> results.add(new Result(entry, withValue)));
    }
    return new TxnOutcome(results, List.of());
  }

  private static List<Entry> shown(TransactionResult result) {
    return switch (result) {
      case Lookup found -> found.entry().stream().toList();
      case Listing listed -> listed.entries();
      case PutOutcome.Stored stored -> List.of(stored.entry());
      case DirectoryLookup counted -> List.of();
      case DeleteOutcome.Deleted deleted -> List.of();
      case RangeDeleted deleted -> List.of();
      case TransactionResult.Chosen chosen -> List.of();
    };
  }

  /** As Consul shows it, 409 when it was not done. */
  Response response(boolean readOnly) {
    Json json = new Json().raw("{\"Results\":");
    results(json);
    errors(json.raw(",\"Errors\":"));
    if (readOnly) {
      json.raw(",\"Index\":0,\"LastContact\":0,\"KnownLeader\":true,\"ConsistencyLevel\":\"\"");
    }
    Response done = Response.json(json.raw("}"));
    int status = errors.isEmpty() ? done.status() : 409;
    Response response = new Response(status, done.headers(), done.isJson(), done.body());
    return readOnly
        ? response.with(
            new Header("X-Consul-Knownleader", "true"), new Header("X-Consul-Lastcontact", "0"))
        : response;
  }

  private void results(Json json) {
    if (!errors.isEmpty()) {
      json.raw("null");
      return;
    }
    json.raw("[");
    String separator = "{\"KV\":";
    for (Result result : results) {
      EntryWriter.write(json.raw(separator), result.entry(), result.withValue());
      json.raw("}");
      separator = ",{\"KV\":";
    }
    json.raw("]");
  }

  private void errors(Json json) {
    if (errors.isEmpty()) {
      json.raw("null");
      return;
    }
    String separator = "[";
    for (Failure error : errors) {
      json.raw(separator).raw("{\"OpIndex\":").number(error.position());
      json.raw(",\"What\":").string(error.what()).raw("}");
      separator = ",";
    }
    json.raw("]");
  }
}
