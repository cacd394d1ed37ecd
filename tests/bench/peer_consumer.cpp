// SPDX-License-Identifier: Apache-2.0
// What reading a topic costs without looking at it: librdkafka, a group, consumer_poll, a counter.
//
//   peer_consumer BROKERS TOPIC PARTITIONS           counts to the end of every partition, prints the number of records
//   peer_consumer BROKERS TOPIC PARTITIONS RECORDS   counts to that number; on standard output a line for each change of
//                                                    the count: microseconds since 1970, records
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  char error[256];
  if (rd_kafka_conf_set(conf, name, value, error, sizeof error) == RD_KAFKA_CONF_OK) return;
  std::fprintf(stderr, "peer_consumer: %s: %s\n", name, error);
  std::exit(2);
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int partitions = std::atoi(argv[3]);
  const std::uint64_t wanted = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 0;
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", argv[1]);
  set(conf, "group.id", ("peer-" + std::to_string(now())).c_str());
  set(conf, "enable.auto.commit", "false");
  set(conf, "auto.offset.reset", "earliest");
  set(conf, "enable.partition.eof", "true");
  set(conf, "fetch.queue.backoff.ms", "10");
  char error[256];
  rd_kafka_t* const consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
  if (consumer == nullptr) return 2;
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* const topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
  if (rd_kafka_subscribe(consumer, topics) != RD_KAFKA_RESP_ERR_NO_ERROR) return 2;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  int ended = 0;
  while (wanted > 0 ? records < wanted : ended < partitions) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer, 1'000);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++records;
      bytes += message->len;
      if (wanted > 0)
        std::printf("%lld %llu\n", static_cast<long long>(now()), static_cast<unsigned long long>(records));
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ++ended;
    }
    rd_kafka_message_destroy(message);
  }
  if (wanted == 0)
    std::printf("%llu records, %llu bytes\n", static_cast<unsigned long long>(records),
                static_cast<unsigned long long>(bytes));
  std::fflush(stdout);
  std::_Exit(0);  // leaving the group is not what is measured
}
