package io.kubekv.replica;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;

/**
 * The event loop on which the connection to the holder is read and written.
 *
 * @param group of one thread; stays its owner's
 * @param connections makes what this thread can serve: by epoll or the JDK's way, as it waits
 */
public record ConnectionLoop(EventLoopGroup group, ChannelFactory<? extends Channel> connections) {}
