package io.kubekv.etcd;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Revision;
import java.util.Optional;

/**
 * The end of an entry whose time to live has passed: only of the put that was seen to be out of its
 * time, so that a refresh which came first wins. Whether it ended.
 */
final class ExpiryChange implements Change<Boolean> {
  private final Key key;
  private final Revision put;
  private final Operations operations;

  ExpiryChange(Key key, Revision put, EtcdKeys keys) {
    this.key = key;
    this.put = put;
    this.operations = new Operations(keys);
  }

  @Override
  public Decision<Boolean> decide(Facts facts) {
    Optional<Entry> doomed = facts.entry(key).filter(entry -> entry.modifyRevision().equals(put));
    if (doomed.isEmpty()) {
      return new Decision.Answer<>(false);
    }
    return Decision.Write.of(
        Optional.empty(),
        (id, lease) ->
            doomed.get().isDirectory()
                ? operations.deleteTree(key, Cause.EXPIRE, id)
                : operations.delete(doomed.get(), Cause.EXPIRE, id),
        seen -> true);
  }
}
