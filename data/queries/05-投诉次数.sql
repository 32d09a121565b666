-- 标题: 各类别各月投诉次数
-- 说明: 要点名称中含有某词（默认“投诉”）的最新数值，有复核用复核。
-- 参数: word 文字 要点名称含有 = 投诉
with cell as (
    select
        类别,
        代码,
        月份,
        要点,
        字段,
        coalesce(
            max(case when 种类 = '复核' then 数值 end),
            max(case when 种类 = '自评' then 数值 end)
        ) as value
    from 考核记录
    where 现行 and contains(要点, $word)
    group by 类别, 代码, 月份, 要点编号, 要点, 字段
)
select
    月份,
    类别,
    要点,
    sum(value)                                         as 合计,
    count(distinct case when value <> 0 then 代码 end) as 涉及单位
from cell
group by 月份, 类别, 要点
order by 月份, 类别, 要点;
