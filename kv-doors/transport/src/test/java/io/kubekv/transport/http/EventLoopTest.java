package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

class EventLoopTest {
  @Test
  @EnabledOnOs(
      value = LINUX,
      architectures = {"amd64", "aarch64"},
      disabledReason = "there is no epoll")
  void waitsByEpollOnLinux() {
    try (EventLoop loop = new EventLoop()) {
      assertThat(loop.vertx().unavailableNativeTransportCause()).isNull();
      assertThat(loop.vertx().isNativeTransportEnabled()).isTrue();
    }
  }

  @Test
  void makesConnectionsThatItsThreadServes() throws Exception {
    try (EventLoop loop = new EventLoop();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

      Channel connection =
          new Bootstrap()
              .group(loop.netty())
              .channelFactory(loop.connections())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(server.getLocalAddress())
              .sync()
              .channel();

      assertThat(connection.isActive()).isTrue();
      assertThat(connection.eventLoop()).isSameAs(loop.netty().next());
      connection.close().sync();
    }
  }
}
