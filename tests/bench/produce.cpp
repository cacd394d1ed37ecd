// SPDX-License-Identifier: Apache-2.0
// Puts the lines of a file into a topic, round robin over its partitions.
//
//   produce BROKERS TOPIC PARTITIONS FILE                 as fast as the broker takes them
//   produce BROKERS TOPIC PARTITIONS FILE RATE RECORDS    so many a second, so many in all, each sent at once; on standard
//                                                         output a line each: microseconds since 1970 when it was handed over
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace {

void set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  char error[256];
  if (rd_kafka_conf_set(conf, name, value, error, sizeof error) == RD_KAFKA_CONF_OK) return;
  std::fprintf(stderr, "produce: %s: %s\n", name, error);
  std::exit(2);
}

std::uint64_t failed = 0;
void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++failed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const int partitions = std::atoi(argv[3]);
  const double rate = argc > 5 ? std::atof(argv[5]) : 0;
  const std::uint64_t most = argc > 6 ? std::strtoull(argv[6], nullptr, 10) : ~std::uint64_t{0};
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", argv[1]);
  set(conf, "linger.ms", rate > 0 ? "1" : "50");
  set(conf, "compression.type", "lz4");
  set(conf, "acks", "1");
  set(conf, "queue.buffering.max.messages", "200000");
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  char error[256];
  rd_kafka_t* const producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(producer, argv[2], nullptr);
  std::ifstream file(argv[4]);
  std::string line;
  std::uint64_t sent = 0;
  const auto start = std::chrono::steady_clock::now();
  while (sent < most && std::getline(file, line)) {
    if (rate > 0) {
      const auto due = start + std::chrono::duration<double>(static_cast<double>(sent) / rate);
      // Five hundred times a second is often enough: a sleep for each record would not be kept.
      if (sent % 20 == 0) {
        while (std::chrono::steady_clock::now() < due) {
          rd_kafka_poll(producer, 0);
          std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
      }
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      std::printf("%lld\n", static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
    }
    while (rd_kafka_produce(topic, static_cast<std::int32_t>(sent % static_cast<std::uint64_t>(partitions)),
                            RD_KAFKA_MSG_F_COPY, line.data(), line.size(), nullptr, 0, nullptr) != 0) {
      rd_kafka_poll(producer, 10);
    }
    ++sent;
    if (sent % 1'000 == 0) rd_kafka_poll(producer, 0);
  }
  rd_kafka_flush(producer, 120'000);
  std::fflush(stdout);
  if (failed > 0 || rd_kafka_outq_len(producer) > 0) {
    std::fprintf(stderr, "produce: %llu records failed\n", static_cast<unsigned long long>(failed));
    return 3;
  }
  std::_Exit(0);
}
