package io.kubekv.transport.decorator;

import io.kubekv.Author;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.transport.threads.RequestThreads;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A store whose changes say by which door they came, and from whom. What a request says of that by
 * itself counts for nothing, unless a replica has passed it on, which names the author that it had
 * there. Closing this does nothing: the store stays the caller's.
 */
public final class AuthoredStore extends DelegatingStore {
  private final Author own;
  private final Claims claims;

  /** Whether the one who calls is a replica, and believed when it names another as the author. */
  public interface Claims {
    /** Whether that is known. Never blocks. */
    boolean isKnown();

    /**
     * Whether it is so. May block.
     *
     * @throws UnavailableException when that cannot be decided now: then nothing is changed, since
     *     it would be by the wrong one
     */
    boolean isTrue();
  }

  private AuthoredStore(KeyValueStore store, Author own, Claims claims) {
    super(store);
    this.own = own;
    this.claims = claims;
  }

  /**
   * Of users without names.
   *
   * @param api what is called; a name that stays, such as {@code etcd-v2}
   */
  public static AuthoredStore by(String api, KeyValueStore store, Claims claims) {
    return new AuthoredStore(store, new Author(api, ""), claims);
  }

  /** The same for a user. */
  public AuthoredStore as(String user, Claims ofUser) {
    return new AuthoredStore(inner(), new Author(own.door(), user), ofUser);
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return named(request.author(), author -> inner().put(request.withAuthor(author)));
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return named(request.author(), author -> inner().delete(request.withAuthor(author)));
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return named(request.author(), author -> inner().deleteRange(request.withAuthor(author)));
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return named(request.author(), author -> inner().transact(request.withAuthor(author)));
  }

  private <T> CompletableFuture<T> named(
      Author claimed, Function<Author, CompletableFuture<T>> call) {
    if (claimed.isNone()) {
      return call.apply(own);
    }
    return claims.isKnown()
        ? call.apply(claimed)
        : RequestThreads.call(claims::isTrue)
            .thenCompose(replica -> call.apply(replica ? claimed : own));
  }

  @Override
  public void close() {
    // the caller's
  }
}
