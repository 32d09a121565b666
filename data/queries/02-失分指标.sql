-- 标题: 某类别失分最多的指标
-- 说明: 一个类别到某月为止，各指标平均离满分多远。加减分指标没有满分，只看扣分。
-- 参数: category 类别 类别
-- 参数: month 月份 截至月份 = 本月
with member as (
    select code from unit
    where category = $category and from_month <= $month and through_month >= $month
),
got as (
    select i.indicator, i.stage, sum(p.points) as points
    from posting p
    join item i on i.id = p.item
    where p.month <= $month and p.unit in (select code from member)
    group by i.indicator, i.stage
)
select
    s.name   as 阶段,
    n.name   as 指标,
    n.points as 分值,
    round(coalesce(g.points, 0) / m.units, 2)::decimal(12, 2) as 平均得分,
    round(n.points - coalesce(g.points, 0) / m.units, 2)::decimal(12, 2) as 平均失分
from indicator n
join stage s on s.id = n.stage
cross join (select count(*) as units from member) m
left join got g on g.indicator = n.id and g.stage = n.stage
where s.first_month <= $month
order by 平均失分 desc, s.position, n.position;
