package io.kubekv.contract;

import io.kubekv.Limits;
import java.util.List;
import java.util.function.UnaryOperator;

/** At least one deliberately wrong store per promise: what the kit must catch to be trusted. */
final class BrokenStores {
  static final List<BrokenStore> ALL =
      List.of(
          new BrokenStore(
              "drops a put of the same value",
              1,
              "put_sameValueAgain_makesANewRevision",
              BrokenChanges.DropsSameValue::new),
          new BrokenStore(
              "keeps the create revision when it replaces",
              1,
              "put_replacing_startsANewEntry",
              BrokenChanges.ReplacesLikeAnUpdate::new),
          new BrokenStore(
              "begins before its first revision",
              1,
              "newStore_isAtARevisionAndEmpty",
              BrokenChanges.BeginsAtZero::new),
          new BrokenStore(
              "counts refusals",
              1,
              "changes_areNumberedWithoutGaps",
              BrokenChanges.CountsRefusals::new),
          new BrokenStore(
              "makes the parents of a put before it",
              1,
              "madeParents_haveTheRevisionOfTheirPut",
              BrokenChanges.MakesParentsBefore::new),
          new BrokenStore(
              "shows other threads what was there before",
              2,
              "get_byAnotherThread_seesTheAcknowledgedPut",
              BrokenReads.BehindOtherThreads::new),
          new BrokenStore(
              "does not wait for a revision",
              2,
              "get_atLeastALaterRevision_waitsForIt",
              BrokenReads.NeverWaits::new),
          new BrokenStore(
              "lists entry by entry",
              2,
              "list_whileChanging_isOneSnapshot",
              BrokenReads.TornLists::new),
          new BrokenStore(
              "answers what stood once with what stands now",
              2,
              "get_atARevision_isAsItWasThen",
              BrokenReads.ForgetsThePast::new),
          new BrokenStore(
              "takes a revision of the future for the latest",
              2,
              "future_isSaidByName",
              BrokenReads.KnowsTheFuture::new),
          new BrokenStore(
              "says missing of what it has forgotten",
              2,
              "forgotten_isSaidByNameWithTheFirstThatIsKnown",
              BrokenReads.MissingWhenForgotten::new),
          new BrokenStore(
              "takes the end of a range for one of its keys",
              2,
              "list_between_hasTheFirstAndNotTheLast",
              BrokenReads.EndsTooLate::new),
          new BrokenStore(
              "checks, then acts",
              3,
              "concurrentCreators_oneWins",
              BrokenChanges.ChecksThenActs::new),
          new BrokenStore(
              "refuses without the entry",
              3,
              "putAbsent_present_isRefusedWithTheEntry",
              BrokenChanges.RefusesWithoutEntry::new),
          new BrokenStore(
              "deletes directories that are not empty",
              3,
              "delete_directory_needsToBeAskedForAndEmpty",
              BrokenChanges.DeletesWholeDirectories::new),
          new BrokenStore(
              "deletes the keys of a range one by one",
              3,
              "deleteRange_prefix_isOneChangeWithAnEventForEachLeavesFirst",
              BrokenChanges.DeletesOneByOne::new),
          new BrokenStore(
              "gives each change of a transaction a revision",
              3,
              "severalKeys_changeTogether",
              BrokenTransactions.ChangesOneByOne::new),
          new BrokenStore(
              "changes the keys of a transaction one by one",
              3,
              "severalKeys_areSeenTogether",
              BrokenTransactions.ChangesOneByOne::new),
          new BrokenStore(
              "keeps what a transaction did before it was refused",
              3,
              "rolledBack_leavesNothing",
              BrokenTransactions.NeverRollsBack::new),
          new BrokenStore(
              "reads the keys of a transaction one by one",
              3,
              "reads_whileChanging_areOfOneSnapshot",
              BrokenTransactions.ReadsOneByOne::new),
          new BrokenStore(
              "checks in a transaction, then acts",
              3,
              "checks_holdUntilTheChange",
              BrokenTransactions.ChecksThenActs::new),
          new BrokenStore(
              "tells only the first refusal of a transaction",
              3,
              "failures_nameEveryOperationThatWasRefused",
              BrokenTransactions.TellsOneFailure::new),
          new BrokenStore(
              "never does otherwise",
              3,
              "notHeld_doesOtherwiseAlone",
              BrokenTransactions.NeverOtherwise::new),
          new BrokenStore(
              "asks the first entry of a range",
              3,
              "range_holdsWhenItHoldsOfEveryEntry",
              BrokenTransactions.AsksTheFirst::new),
          new BrokenStore(
              "puts none before all sessions",
              3,
              "attachedToNone_standsWhereItIsSaid",
              BrokenTransactions.NoneIsFirst::new),
          new BrokenStore(
              "chooses by what the transaction has changed",
              3,
              "comparisons_areOfTheStateBefore",
              BrokenTransactions.ChoosesLate::new),
          new BrokenStore(
              "chooses a name before the change",
              3,
              "names_ofManyAtOnce_riseWithTheirRevisions",
              BrokenChanges.NamesBeforehand::new),
          new BrokenStore(
              "numbers by what is there",
              3,
              "number_isNeverUsedAgain",
              BrokenNames.ByWhatIsThere::new),
          new BrokenStore(
              "numbers only what it numbers",
              3,
              "number_isThatOfTheKeysMadeInTheDirectory",
              BrokenNames.ByNumberedAlone::new),
          new BrokenStore(
              "makes nodes without the one above",
              3,
              "node_needsTheOneAboveIt",
              BrokenNodes.NeedsNoParent::new),
          new BrokenStore(
              "deletes nodes that have others below",
              3,
              "node_isDeletedWhenNothingIsBelowIt",
              BrokenNodes.DeletesWhatHasOthersBelow::new),
          new BrokenStore(
              "makes nodes below those that end with a session",
              3,
              "nodeThatEndsWithASession_hasNoneBelowIt",
              BrokenNodes.HasNodesBelowEphemerals::new),
          new BrokenStore(
              "lets two win who saw an implied node",
              3,
              "impliedNode_thatIsPut_hasAVersionMore",
              BrokenNodes.ForgetsThatItWasSeen::new),
          new BrokenStore(
              "ignores the version of an entry",
              3,
              "version_isCompared",
              BrokenNodes.IgnoresVersions::new),
          new BrokenStore(
              "counts versions anew when it replaces",
              3,
              "versionThatWasSeen_isNotSeenAgain_whileTheKeyHasAnEntry",
              BrokenChanges.CountsAnewWhenItReplaces::new),
          new BrokenStore(
              "counts entries and no implied nodes",
              3,
              "directory_tellsWhatIsCountedOfIt",
              BrokenNodes.CountsNoImpliedNodes::new),
          new BrokenStore(
              "loses metadata",
              3,
              "newEntry_hasTheMetadataOfItsPut",
              BrokenNodes.LosesMetadata::new),
          new BrokenStore(
              "sets metadata whatever its version",
              3,
              "metadata_isSetOnTheVersionThatWasSeen",
              BrokenNodes.SetsMetadataBlindly::new),
          new BrokenStore(
              "tells watches of metadata",
              3,
              "metadataThatIsSet_isNoEvent",
              BrokenNodes.TellsOfMetadata::new),
          new BrokenStore(
              "skips what the history has lost",
              4,
              "from_beforeTheHistory_isGone",
              BrokenWatches.SkipsLostHistory::new),
          new BrokenStore(
              "forgets who made what is past",
              4,
              "watchOfThePast_namesWhoMadeIt",
              BrokenAuthors.ForgetsThem::new),
          new BrokenStore(
              "believes the operations of a transaction",
              4,
              "transaction_namesWhoMadeIt_whateverItsOperationsSay",
              BrokenAuthors.BelievesOperations::new),
          new BrokenStore(
              "does not say that a revision goes on",
              4,
              "events_comeTogether",
              BrokenWatches.NeverWithinRevision::new),
          new BrokenStore(
              "calls nobody back",
              4,
              "whenReady_callsOnceThereIsAnEvent",
              BrokenWatches.NeverCallsBack::new),
          new BrokenStore(
              "calls back at once",
              4,
              "whenReady_callsOnceThereIsAnEvent",
              BrokenWatches.CallsAtOnce::new),
          new BrokenStore(
              "calls back twice",
              4,
              "whenReady_callsOnceThereIsAnEvent",
              BrokenWatches.CallsTwice::new),
          new BrokenStore(
              "says nothing in the middle of a revision",
              4,
              "events_comeTogether",
              BrokenWatches.PausesWithinRevision::new),
          new BrokenStore(
              "begins in the middle of a revision",
              4,
              "resuming_afterTheRevision_goesOnBehindTheWholeTransaction",
              BrokenWatches.BeginsInTheMiddle::new),
          new BrokenStore(
              "delivers the first event twice",
              4,
              "resuming_afterTheLastSeen_neitherRepeatsNorSkips",
              BrokenWatches.RepeatsTheFirst::new),
          new BrokenStore(
              "forgets the previous entry",
              4,
              "events_carryThePreviousEntry",
              BrokenWatches.ForgetsThePrevious::new),
          new BrokenStore(
              "serves only so many watches",
              4,
              "manyWatches_areAllWoken",
              BrokenWatches.ServesAHundred::new),
          new BrokenStore(
              "begins anew after a restart",
              4,
              "storeRestarted_watchFromBeforeGoesOnOrSaysThatItCannot",
              BrokenWatches.BeginsAnewAfterRestart::new),
          new BrokenStore(
              "ends entries early", 5, "entry_livesItsTimeAndNoLonger", BrokenExpiry.Early::new),
          new BrokenStore(
              "compacts nothing",
              4,
              "compact_readsBeforeItAreForgotten_andNoOthers",
              BrokenCompactions.Nothing::new),
          new BrokenStore(
              "compacts all that was",
              4,
              "compact_readsBeforeItAreForgotten_andNoOthers",
              BrokenCompactions.Everything::new),
          new BrokenStore(
              "compacts what was compacted",
              4,
              "compact_again_isRefusedUnlessItIsLater",
              BrokenCompactions.Again::new),
          new BrokenStore(
              "never ends directories",
              5,
              "directory_takesWhatIsBelowWithIt",
              BrokenExpiry.NeverForDirectories::new),
          new BrokenStore(
              "does not say that a delete was an expiry",
              5,
              "expiry_isADeleteThatSaysSo",
              BrokenExpiry.Unnamed::new),
          new BrokenStore(
              "acknowledges refreshes and forgets them",
              5,
              "refresh_startsTheTimeAnew",
              BrokenExpiry.ForgetsRefreshes::new),
          new BrokenStore(
              "revives what has expired",
              5,
              "expired_isMissingForEveryPrecondition",
              BrokenExpiry.Revives::new),
          new BrokenStore(
              "repeats a change whose answer was lost",
              6,
              "createWhoseAnswerIsLost_isNeverRefusedByItself",
              BrokenOutcomes.Repeats::new),
          new BrokenStore(
              "says that nothing was applied",
              6,
              "putWhoseAnswerIsLost_isAppliedOnce",
              BrokenOutcomes.SaysNothingApplied::new),
          new BrokenStore(
              "takes a lost request for applied",
              6,
              "requestLost_isNeverReportedAsApplied",
              BrokenOutcomes.ClaimsSuccess::new),
          new BrokenStore(
              "says missing when it cannot know",
              7,
              "get_unreachable_becomesUnavailableAndNeverMissing",
              BrokenReads.MissingWhenUnavailable::new),
          new BrokenStore(
              "says empty when it cannot know",
              7,
              "list_unreachable_becomesUnavailableAndNeverEmpty",
              BrokenReads.EmptyWhenUnavailable::new),
          new BrokenStore(
              "has no limits",
              8,
              "valueSize_isCountedInBytes",
              spec -> spec.withLimits(Limits.DEFAULT),
              UnaryOperator.identity()),
          new BrokenStore(
              "counts characters",
              8,
              "keyLength_isCountedInUtf8",
              BrokenLimits::moreKeyBytes,
              BrokenLimits.CountsCharacters::new),
          new BrokenStore(
              "does not name the limit", 8, "entries_areCounted", BrokenLimits.Nameless::new),
          new BrokenStore(
              "makes parents before it looks for room",
              8,
              "entries_countMissingParents",
              BrokenLimits.ParentsFirst::new),
          new BrokenStore(
              "takes transactions of any length",
              8,
              "transaction_operationsAreCounted",
              BrokenTransactions.Unlimited::new),
          new BrokenStore(
              "counts one side of a choice",
              8,
              "choice_bothSidesAreCounted",
              BrokenTransactions.CountsOneSide::new),
          new BrokenStore(
              "does not measure what a transaction compares with",
              8,
              "transaction_valuesAreMeasuredTogether",
              BrokenTransactions.ManyLargeValues::new),
          new BrokenStore(
              "ignores holders in transactions",
              9,
              "checkHolder_letsOnlyTheHolderPut",
              BrokenTransactions.IgnoresHolders::new),
          new BrokenStore(
              "ignores fences in transactions",
              9,
              "fence_inATransaction_keepsFormerHoldersOut",
              BrokenTransactions.IgnoresFences::new),
          new BrokenStore(
              "ends sessions at their time to live",
              9,
              "session_livesTwiceItsTimeAndNoLonger",
              BrokenSessions::endsAtTheTimeToLive),
          new BrokenStore(
              "revives sessions that have ended",
              9,
              "renewal_afterTheEnd_isEmpty",
              BrokenSessions::revivesWhatHasEnded),
          new BrokenStore(
              "ends sessions by their word only",
              9,
              "destroyed_isGone",
              BrokenSessions::endsNothing),
          new BrokenStore(
              "tells nobody that sessions changed",
              9,
              "awaitChange_beginningsAndEnds_areTold",
              BrokenSessions::tellsNobody),
          new BrokenStore(
              "takes keys from their holders",
              9,
              "contenders_oneWins",
              BrokenSessions.TakesHeldKeys::new),
          new BrokenStore(
              "gives a token twice", 9, "tokens_onlyGrow", BrokenSessions.RepeatsTokens::new),
          new BrokenStore(
              "deletes nothing when a session ends",
              9,
              "destroy_deleting_deletesTheEntry",
              BrokenSessions::deletesNothing),
          new BrokenStore(
              "delays nothing when a session ends",
              9,
              "lockDelay_afterAnEnd_keepsTheKeyFromBeingAcquired",
              BrokenSessions::delaysNothing),
          new BrokenStore(
              "does not say how long a lock delay lasts",
              9,
              "lockDelay_refused_saysForHowLong",
              BrokenSessions.KeepsDelaysSecret::new),
          new BrokenStore(
              "never detaches a key",
              9,
              "put_withoutTheSession_detaches",
              BrokenAttachments::neverDetaches),
          new BrokenStore(
              "detaches what is to stay attached",
              9,
              "put_keeping_leavesItAttached",
              BrokenAttachments::detachesWhatIsKept),
          new BrokenStore(
              "detaches what is refreshed",
              9,
              "refresh_leavesItAttached",
              BrokenAttachments.DetachesWhatIsRefreshed::new),
          new BrokenStore(
              "leaves keys with their first session",
              9,
              "put_toAnotherSession_movesIt",
              BrokenAttachments::neverMoves),
          new BrokenStore(
              "holds what is attached",
              9,
              "attached_isNotHeld",
              BrokenAttachments::holdsWhatIsAttached),
          new BrokenStore(
              "attaches to sessions that have ended",
              9,
              "put_attachedToNoSession_isRefused",
              BrokenAttachments.AttachesToTheDead::new),
          new BrokenStore(
              "does not attach in transactions",
              9,
              "transaction_attaches",
              BrokenAttachments.ForgetsInTransactions::new),
          new BrokenStore(
              "does not say in lists what is attached",
              9,
              "put_attached_entryAndSessionSayIt",
              BrokenAttachments.KeepsItSecretInLists::new),
          new BrokenStore(
              "lists nothing that is attached",
              9,
              "put_attached_entryAndSessionSayIt",
              BrokenAttachments.ListsNothing::new),
          new BrokenStore(
              "keeps what is attached",
              9,
              "destroy_whatIsHeldIsReleased_whatIsAttachedIsDeleted",
              BrokenAttachments.KeepsWhatIsAttached::new),
          new BrokenStore(
              "deletes what is attached key by key",
              9,
              "destroy_deletesAllOfThem_inTheOrderOfTheKeys_inOneChange",
              BrokenAttachments.EndsKeyByKey::new),
          new BrokenStore(
              "lets every session live twice its time",
              9,
              "timeToLive_once_endsWithIt_andNotBefore",
              BrokenAttachments.AlwaysLivesTwice::new),
          new BrokenStore(
              "forgets at a restart what is attached",
              9,
              "restart_theyStayAttached",
              BrokenAttachments::forgetsWhenItOpens),
          new BrokenStore(
              "takes a session up without a change",
              9,
              "takeUp_isAChangeOfTheSession",
              BrokenTakeUps.OnlyRenews::new),
          new BrokenStore(
              "lets those change something whose session another has",
              9,
              "check_ofASessionThatWasTakenUpSince_isRefused",
              BrokenTakeUps::ignoresWhoHasIt),
          new BrokenStore(
              "lets those change something whose session has ended",
              9,
              "check_ofASessionThatHasEnded_isRefused",
              BrokenTakeUps::ignoresThatItHasEnded),
          new BrokenStore(
              "ignores fences", 9, "formerHolder_isKeptOut", BrokenSessions.IgnoresFences::new),
          new BrokenStore(
              "ignores the limit of a list", 2, "limit_isKept", BrokenReads.IgnoresLimits::new),
          new BrokenStore(
              "does not say that there is more",
              2,
              "limit_whatIsLeftIsSaid",
              BrokenReads.SaysThereIsNoMore::new),
          new BrokenStore(
              "counts only what it answers",
              2,
              "count_isOfTheWholeRange_whateverTheLimit",
              BrokenReads.CountsWhatItAnswers::new),
          new BrokenStore(
              "waits in a put",
              10,
              "verbs_onAThreadThatMayNotWait_areAnsweredAllTheSame",
              BrokenFutures.WaitsInPut::new),
          new BrokenStore(
              "waits for a revision in the call",
              10,
              "read_ofALaterRevision_isAnsweredWhenThatHasCome",
              BrokenFutures.WaitsForRevisions::new),
          new BrokenStore(
              "throws what belongs into the future",
              10,
              "failures_areInTheFuture",
              BrokenFutures.ThrowsLimits::new),
          new BrokenStore(
              "takes time for what it knows",
              10,
              "reads_ofAQuietStore_areKnownAtOnce",
              BrokenFutures.NeverAtOnce::new),
          new BrokenStore(
              "waits for itself",
              10,
              "dependents_mayCallTheStore",
              BrokenFutures.WaitsForItself::new),
          new BrokenStore(
              "forgets who waits when it is closed",
              10,
              "awaitChange_closed_isAnsweredWithNo",
              BrokenFutures.ForgetsWhoWaits::new),
          new BrokenStore(
              "takes back what is cancelled",
              10,
              "cancelled_aChangeGoesOn",
              BrokenFutures.StopsWhatIsCancelled::new));

  private BrokenStores() {}
}
