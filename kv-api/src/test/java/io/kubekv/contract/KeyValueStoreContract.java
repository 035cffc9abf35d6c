package io.kubekv.contract;

import org.junit.jupiter.api.Nested;

/**
 * The promises of {@link io.kubekv.KeyValueStore}, one group or more for each. A store's own test
 * extends this and says how to open it; it switches nothing off.
 */
public abstract class KeyValueStoreContract {
  /** An empty store as {@code spec} wants it. */
  protected abstract StoreHarness open(StoreSpec spec);

  @Nested
  class Promise1Revision extends RevisionContract {
    Promise1Revision() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise1NewEntry extends NewEntryContract {
    Promise1NewEntry() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise2Linearizable extends LinearizableContract {
    Promise2Linearizable() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise2Lists extends ListContract {
    Promise2Lists() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise2OldRevisions extends OldRevisionContract {
    Promise2OldRevisions() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise2OldMetadata extends OldMetadataContract {
    Promise2OldMetadata() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Preconditions extends PreconditionContract {
    Promise3Preconditions() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Tree extends TreeContract {
    Promise3Tree() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3RangeDelete extends RangeDeleteContract {
    Promise3RangeDelete() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Transactions extends TransactionContract {
    Promise3Transactions() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3ManyKeys extends ManyKeysContract {
    Promise3ManyKeys() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Choices extends ChoiceContract {
    Promise3Choices() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Names extends NamingContract {
    Promise3Names() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Sequences extends SequenceContract {
    Promise3Sequences() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Nodes extends NodesContract {
    Promise3Nodes() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise3Metadata extends MetadataContract {
    Promise3Metadata() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4Watch extends WatchContract {
    Promise4Watch() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4WatchReplay extends WatchReplayContract {
    Promise4WatchReplay() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4WholeRevision extends WholeRevisionContract {
    Promise4WholeRevision() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4HistoryGone extends HistoryGoneContract {
    Promise4HistoryGone() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4Compaction extends CompactionContract {
    Promise4Compaction() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise4Authors extends AuthorContract {
    Promise4Authors() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise5Expiry extends ExpiryContract {
    Promise5Expiry() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise6UnknownOutcome extends UnknownOutcomeContract {
    Promise6UnknownOutcome() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise7NotFound extends NotFoundContract {
    Promise7NotFound() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise8Limits extends LimitsContract {
    Promise8Limits() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise8MetadataLimit extends MetadataLimitContract {
    Promise8MetadataLimit() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9Sessions extends SessionContract {
    Promise9Sessions() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9Locks extends LockContract {
    Promise9Locks() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9TransactionLocks extends TransactionLockContract {
    Promise9TransactionLocks() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9SessionEnd extends SessionEndContract {
    Promise9SessionEnd() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9AttachedKeys extends AttachedKeysContract {
    Promise9AttachedKeys() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9TakenUp extends TakenUpContract {
    Promise9TakenUp() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise9Fences extends FenceContract {
    Promise9Fences() {
      super(KeyValueStoreContract.this::open);
    }
  }

  @Nested
  class Promise10Futures extends FuturesContract {
    Promise10Futures() {
      super(KeyValueStoreContract.this::open);
    }
  }
}
