// SPDX-License-Identifier: Apache-2.0
#include "kafka/embedded_cluster.h"

#include <array>
#include <csignal>

#include "kafka/handles.h"

namespace weir {
namespace {

/// A group waits so long for further members before it shares out; Kafka itself takes 3 s.
constexpr int kGatherMilliseconds = 500;

/// While one lives, threads begin without any signal: the cluster's would take those that the process waits for.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

Result<std::unique_ptr<EmbeddedCluster>> EmbeddedCluster::start() {
  std::unique_ptr<EmbeddedCluster> made(new EmbeddedCluster);
  const NoSignals none;
  std::array<char, 512> reason{};
  kafka::Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);  // stderr is not ours
  made->keeper_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason.data(), reason.size());
  if (made->keeper_ == nullptr)
    return Error{.message = std::string("the embedded Kafka does not start: ") + reason.data()};
  (void)conf.release();  // the client's now
  made->cluster_ = rd_kafka_mock_cluster_new(made->keeper_, 1);
  if (made->cluster_ == nullptr)
    return Error{.message = "the embedded Kafka does not start: no port of the loopback interface could be had"};
#if RD_KAFKA_VERSION >= 0x020600ff
  rd_kafka_mock_group_initial_rebalance_delay_ms(made->cluster_, kGatherMilliseconds);
#endif
  made->brokers_ = rd_kafka_mock_cluster_bootstraps(made->cluster_);
  return made;
}

EmbeddedCluster::~EmbeddedCluster() {
  if (cluster_ != nullptr) rd_kafka_mock_cluster_destroy(cluster_);
  if (keeper_ != nullptr) rd_kafka_destroy(keeper_);
}

Status EmbeddedCluster::create_topic(const std::string& name, int partitions) {
  const rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return Done{};
  return Error{.message = "the embedded Kafka does not make the topic `" + name + "`: " + rd_kafka_err2str(code)};
}

}  // namespace weir
