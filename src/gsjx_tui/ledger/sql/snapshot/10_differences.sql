-- view: 自评核定差异 有自评的每一格，自评与核定所依据的数值相差多少
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 属于哪个月
-- column: 阶段 阶段名称
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 字段 填的是哪一项，points 为得分
-- column: 自评 单位自评的数值
-- column: 已复核 活动办是否复核过
-- column: 核定 复核过为复核的数值，否则为自评的数值
-- column: 差异 自评减去核定，正数为自评偏高
with cell as (
    select
        类别代码,
        类别,
        代码,
        单位,
        月份,
        阶段,
        指标,
        要点编号,
        要点,
        字段,
        max(case when 种类 = '自评' then 数值 end) as claimed,
        max(case when 种类 = '复核' then 数值 end) as verified
    from 考核记录
    where 现行
    group by all
)
select
    * exclude (claimed, verified),
    claimed                                                         as 自评,
    verified is not null                                            as 已复核,
    coalesce(verified, claimed)                                     as 核定,
    (claimed - coalesce(verified, claimed))::decimal(12, 2)         as 差异
from cell
where claimed is not null
