package io.kubekv.k8s.snapshot;

import io.kubekv.k8s.api.ApiKind;

/** The types of objects that a snapshot consists of. */
public final class SnapshotKinds {
  public static final ApiKind CHUNK = new ApiKind("StoreChunk", "storechunks");
  public static final ApiKind MANIFEST = new ApiKind("StoreManifest", "storemanifests");

  private SnapshotKinds() {}
}
