package io.kubekv.etcdv3;

import io.kubekv.etcdv3.call.Members;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One replica, which writes, and one user. */
final class OneMember implements Members {
  private static final long ID = 0x1234_5678_9abcL;

  private final List<String> clientUrls;
  private volatile boolean leads = true;

  OneMember() {
    this(List.of("http://127.0.0.1:2379"));
  }

  OneMember(List<String> clientUrls) {
    this.clientUrls = clientUrls;
  }

  @Override
  public long self() {
    return ID;
  }

  @Override
  public List<Members.Replica> all() {
    return List.of(new Members.Replica(ID, "one", List.of("http://127.0.0.1:2380"), clientUrls));
  }

  /** Says from now on that nobody writes, or that this one does. */
  void leads(boolean newLeads) {
    leads = newLeads;
  }

  @Override
  public Optional<Long> leader() {
    return leads ? Optional.of(ID) : Optional.empty();
  }

  @Override
  public long term() {
    return 7;
  }

  static CompletableFuture<Optional<String>> login(String user, String password) {
    boolean known = user.equals("user") && password.equals("password");
    return CompletableFuture.completedFuture(known ? Optional.of("token") : Optional.empty());
  }
}
