import type {
  FFPerformanceMetricsDTO,
  FFSessionStatsDTO,
  FFStorageStatsDTO,
  FFUserStatsDTO,
} from '../shared/model/statistics.ts';

/** Numbers about what is stored and how the store is doing. Sizes are bytes, times are UTC. */
export interface StatisticsMethods {
  /**
   * What a user has, and when they were active by the timestamps of their messages.
   *
   * @throws FFUserNotFoundError when there is no such user.
   */
  getUserStats(userId: string): Promise<FFUserStatsDTO>;

  /**
   * What a session holds.
   *
   * @throws FFUserNotFoundError, FFSessionNotFoundError
   */
  getSessionStats(userId: string, sessionId: string): Promise<FFSessionStatsDTO>;

  /** The whole store: what it holds, its bytes by kind, and what the browser grants the origin. */
  getStorageStats(): Promise<FFStorageStatsDTO>;

  /** How the storage worker has been doing since it opened the store: calls, caches, the index. */
  getPerformanceMetrics(): Promise<FFPerformanceMetricsDTO>;
}
