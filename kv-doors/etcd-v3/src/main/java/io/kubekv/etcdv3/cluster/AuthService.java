package io.kubekv.etcdv3.cluster;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Logins;
import io.kubekv.etcdv3.call.Replies;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.AuthDisableRequest;
import io.kubekv.etcdv3.wire.AuthDisableResponse;
import io.kubekv.etcdv3.wire.AuthEnableRequest;
import io.kubekv.etcdv3.wire.AuthEnableResponse;
import io.kubekv.etcdv3.wire.AuthGrpc;
import io.kubekv.etcdv3.wire.AuthRoleAddRequest;
import io.kubekv.etcdv3.wire.AuthRoleAddResponse;
import io.kubekv.etcdv3.wire.AuthRoleDeleteRequest;
import io.kubekv.etcdv3.wire.AuthRoleDeleteResponse;
import io.kubekv.etcdv3.wire.AuthRoleGetRequest;
import io.kubekv.etcdv3.wire.AuthRoleGetResponse;
import io.kubekv.etcdv3.wire.AuthRoleGrantPermissionRequest;
import io.kubekv.etcdv3.wire.AuthRoleGrantPermissionResponse;
import io.kubekv.etcdv3.wire.AuthRoleListRequest;
import io.kubekv.etcdv3.wire.AuthRoleListResponse;
import io.kubekv.etcdv3.wire.AuthRoleRevokePermissionRequest;
import io.kubekv.etcdv3.wire.AuthRoleRevokePermissionResponse;
import io.kubekv.etcdv3.wire.AuthStatusRequest;
import io.kubekv.etcdv3.wire.AuthStatusResponse;
import io.kubekv.etcdv3.wire.AuthUserAddRequest;
import io.kubekv.etcdv3.wire.AuthUserAddResponse;
import io.kubekv.etcdv3.wire.AuthUserChangePasswordRequest;
import io.kubekv.etcdv3.wire.AuthUserChangePasswordResponse;
import io.kubekv.etcdv3.wire.AuthUserDeleteRequest;
import io.kubekv.etcdv3.wire.AuthUserDeleteResponse;
import io.kubekv.etcdv3.wire.AuthUserGetRequest;
import io.kubekv.etcdv3.wire.AuthUserGetResponse;
import io.kubekv.etcdv3.wire.AuthUserGrantRoleRequest;
import io.kubekv.etcdv3.wire.AuthUserGrantRoleResponse;
import io.kubekv.etcdv3.wire.AuthUserListRequest;
import io.kubekv.etcdv3.wire.AuthUserListResponse;
import io.kubekv.etcdv3.wire.AuthUserRevokeRoleRequest;
import io.kubekv.etcdv3.wire.AuthUserRevokeRoleResponse;
import io.kubekv.etcdv3.wire.AuthenticateRequest;
import io.kubekv.etcdv3.wire.AuthenticateResponse;
import java.util.concurrent.CompletableFuture;

/**
 * {@code etcdserverpb.Auth}: users and grants are not kept here; where there are some, a user with
 * a password gets the token that is theirs.
 */
public final class AuthService extends AuthGrpc.AuthImplBase {
  private static final Status ELSEWHERE =
      Status.FAILED_PRECONDITION.withDescription(
          "kubekv: users and what they may do are Kubernetes' RBAC (kubekv's docs/access.md)");

  private final Setup setup;
  private final Headers headers;
  private final Replies replies;

  public AuthService(Setup setup) {
    this.setup = setup;
    this.headers = new Headers(setup.members());
    this.replies = new Replies(setup.threads(), setup.timer());
  }

  @Override
  public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> client) {
    replies.answer(
        client,
        () ->
            CompletableFuture.completedFuture(
                AuthStatusResponse.newBuilder()
                    .setHeader(headers.of(setup.whole()))
                    .setEnabled(setup.logins().isPresent())
                    .setAuthRevision(1)
                    .build()));
  }

  @Override
  public void authenticate(
      AuthenticateRequest request, StreamObserver<AuthenticateResponse> client) {
    replies.answer(
        client,
        () -> {
          Logins logins =
              setup.logins().orElseThrow(() -> Failures.AUTH_NOT_ENABLED.asRuntimeException());
          if (request.getName().isEmpty()) {
            throw Failures.USER_EMPTY.asRuntimeException();
          }
          return logins
              .token(request.getName(), request.getPassword())
              .thenApply(
                  token ->
                      AuthenticateResponse.newBuilder()
                          .setHeader(headers.of(setup.whole()))
                          .setToken(
                              token.orElseThrow(() -> Failures.AUTH_FAILED.asRuntimeException()))
                          .build());
        });
  }

  @Override
  public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> client) {
    refuse(client);
  }

  private static void refuse(StreamObserver<?> client) {
    client.onError(ELSEWHERE.asRuntimeException());
  }

  @Override
  public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> client) {
    refuse(client);
  }

  @Override
  public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> client) {
    refuse(client);
  }

  @Override
  public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> client) {
    refuse(client);
  }

  @Override
  public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> client) {
    refuse(client);
  }

  @Override
  public void userDelete(
      AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> client) {
    refuse(client);
  }

  @Override
  public void userChangePassword(
      AuthUserChangePasswordRequest request,
      StreamObserver<AuthUserChangePasswordResponse> client) {
    refuse(client);
  }

  @Override
  public void userGrantRole(
      AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> client) {
    refuse(client);
  }

  @Override
  public void userRevokeRole(
      AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> client) {
    refuse(client);
  }

  @Override
  public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> client) {
    refuse(client);
  }

  @Override
  public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> client) {
    refuse(client);
  }

  @Override
  public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> client) {
    refuse(client);
  }

  @Override
  public void roleDelete(
      AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> client) {
    refuse(client);
  }

  @Override
  public void roleGrantPermission(
      AuthRoleGrantPermissionRequest request,
      StreamObserver<AuthRoleGrantPermissionResponse> client) {
    refuse(client);
  }

  @Override
  public void roleRevokePermission(
      AuthRoleRevokePermissionRequest request,
      StreamObserver<AuthRoleRevokePermissionResponse> client) {
    refuse(client);
  }
}
