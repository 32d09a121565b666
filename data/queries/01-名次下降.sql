-- 标题: 本月名次下降最多的单位
-- 说明: 各单位累计名次比上月下降几位，本月失分最多的要点是哪一条。名次按已核定的分。
-- 参数: month 月份 月份 = 本月
with month_before as (
    select strftime(strptime($month || '-01', '%Y-%m-%d') - interval 1 month, '%Y-%m') as value
),
standing as (
    select
        u.code,
        u.category,
        u.name,
        coalesce(sum(p.points) filter (p.month <= $month), 0)                           as now,
        coalesce(sum(p.points) filter (p.month <= (select value from month_before)), 0) as before
    from unit u
    left join posting p on p.unit = u.code
    where u.from_month <= $month and u.through_month >= $month
    group by u.code, u.category, u.name
),
place as (
    select
        *,
        rank() over (partition by category order by now desc)    as rank_now,
        rank() over (partition by category order by before desc) as rank_before
    from standing
),
worst as (
    select p.unit, arg_min(i.label, p.points) as label, min(p.points) as points
    from posting p
    join item i on i.id = p.item
    where p.month = $month and p.points < 0
    group by p.unit
)
select
    k.name                      as 类别,
    e.code                      as 代码,
    e.name                      as 单位,
    e.rank_now - e.rank_before  as 下降,
    e.rank_before               as 上月名次,
    e.rank_now                  as 本月名次,
    e.now                       as 累计得分,
    w.label                     as 本月失分最多的要点,
    w.points                    as 失分
from place e
join category k on k.id = e.category
left join worst w on w.unit = e.code
where e.rank_now > e.rank_before
order by 下降 desc, k.position, e.rank_now
limit 50;
