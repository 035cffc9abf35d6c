package io.kubekv.client;

import io.kubekv.v1.Kv;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Joins the messages of one large delete. Not thread-safe. */
final class TreeParts {
  private Kv.WatchResponse.@Nullable Builder begun;

  /** The message as a whole, empty while more of it is to come. */
  Optional<Kv.WatchResponse> whole(Kv.WatchResponse message) {
    Kv.WatchResponse.Builder former = begun;
    if (former != null) {
      former.getDeleteBuilder().addAllBelow(message.getDelete().getBelowList());
    }
    Kv.WatchResponse.Builder now = former == null ? message.toBuilder() : former;
    boolean continues = message.hasDelete() && message.getDelete().getContinues();
    begun = continues ? now : null;
    return continues ? Optional.empty() : Optional.of(former == null ? message : now.build());
  }

  /** The rest of what was begun will not come. */
  void forget() {
    begun = null;
  }
}
