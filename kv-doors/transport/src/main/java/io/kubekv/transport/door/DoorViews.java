package io.kubekv.transport.door;

import io.kubekv.Bytes;
import io.kubekv.KeyValueStore;
import io.kubekv.transport.decorator.AuthoredStore;
import io.kubekv.transport.decorator.LimitedStore;
import io.kubekv.transport.grpc.ReplicaCalls;
import java.util.function.ToLongFunction;

/**
 * The store as an API of a door sees it: by how it answers. Its changes name the API.
 *
 * @param api a name that stays, such as {@code etcd-v2}
 */
public record DoorViews(DoorStore all, String api) {
  private static final AuthoredStore.Claims PROVEN =
      new AuthoredStore.Claims() {
        @Override
        public boolean isKnown() {
          return ReplicaCalls.isProven();
        }

        @Override
        public boolean isTrue() {
          return ReplicaCalls.isProven();
        }
      };

  /** For answers that are made as a whole. */
  public View inOnePiece() {
    return view(LimitedStore.inOnePiece(all.store(), all.listBytes(), all.budgets(), all.bound()));
  }

  /**
   * The same where a value is not as long in the answer as in the store.
   *
   * @param written how many bytes a value is in the answer
   */
  public View inOnePiece(ToLongFunction<Bytes> written) {
    return view(
        LimitedStore.inOnePiece(all.store(), all.listBytes(), all.budgets(), all.bound(), written));
  }

  /** For answers that are made piece by piece, as fast as they are taken. */
  public View inPieces() {
    return view(LimitedStore.inPieces(all.store(), all.budgets(), all.bound()));
  }

  private View view(KeyValueStore limited) {
    return new View(AuthoredStore.by(api, limited, PROVEN), all.watches());
  }
}
