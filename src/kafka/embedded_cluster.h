// SPDX-License-Identifier: Apache-2.0
// A Kafka for somebody who has none: librdkafka's mock cluster, in this process, in memory. It listens on the loopback
// interface, so other processes read and write its topics as well. It is for showing and trying: it keeps about 5 MiB of
// a partition and lets go of the oldest, it has no transactions and no admin calls, and it is gone with the process.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>

#include "weir/result.h"

namespace weir {

class EmbeddedCluster {
 public:
  static Result<std::unique_ptr<EmbeddedCluster>> start();
  /// Whoever uses it is gone by then.
  ~EmbeddedCluster();
  EmbeddedCluster(const EmbeddedCluster&) = delete;
  EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

  /// HOST:PORT on the loopback interface.
  [[nodiscard]] const std::string& brokers() const noexcept { return brokers_; }
  Status create_topic(const std::string& name, int partitions);

 private:
  EmbeddedCluster() = default;

  rd_kafka_t* keeper_ = nullptr;  // the cluster lives beside a client, which itself does nothing
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  std::string brokers_;
};

}  // namespace weir
